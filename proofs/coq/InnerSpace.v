(** Real inner-product spaces, as little of them as the limits need.

    The form need not be definite and the space need not be complete, so [L2(D)], its quotient,
    [R^n] and every Hilbert space are instances. *)
From Coq Require Export Reals Lra Lia Psatz Arith.
From Coquelicot Require Export Coquelicot.
Open Scope R_scope.

Record inner_space := {
  carrier :> Type;
  vzero : carrier;
  vadd : carrier -> carrier -> carrier;
  vscale : R -> carrier -> carrier;
  ip : carrier -> carrier -> R;
  ip_sym : forall x y, ip x y = ip y x;
  ip_zero : forall x, ip vzero x = 0;
  ip_add : forall x y z, ip (vadd x y) z = ip x z + ip y z;
  ip_scale : forall a x y, ip (vscale a x) y = a * ip x y;
  ip_pos : forall x, 0 <= ip x x
}.
Arguments vzero {_}. Arguments vadd {_} _ _. Arguments vscale {_} _ _. Arguments ip {_} _ _.

Definition vsub {V : inner_space} (x y : V) : V := vadd x (vscale (-1) y).
Definition sqnorm {V : inner_space} (x : V) : R := ip x x.
Definition vnorm {V : inner_space} (x : V) : R := sqrt (sqnorm x).

(** The loss of [g] against the target [f]. *)
Definition loss {V : inner_space} (g f : V) : R := sqnorm (vsub g f).

(** Finite sums of reals and of vectors: [rsum c n] is [c 0 + ... + c (n-1)]. *)
Fixpoint rsum (c : nat -> R) (n : nat) : R := match n with O => 0 | S m => rsum c m + c m end.
Fixpoint vsum {V : inner_space} (c : nat -> R) (e : nat -> V) (n : nat) : V :=
  match n with O => vzero | S m => vadd (vsum c e m) (vscale (c m) (e m)) end.

Lemma rsum_ext c d n : (forall i, (i < n)%nat -> c i = d i) -> rsum c n = rsum d n.
Proof. induction n; intro H; cbn; [| rewrite IHn, H]; auto with arith. Qed.
Lemma rsum_scal a c n : rsum (fun i => a * c i) n = a * rsum c n.
Proof. induction n; cbn; [| rewrite IHn]; ring. Qed.
Lemma rsum_plus c d n : rsum (fun i => c i + d i) n = rsum c n + rsum d n.
Proof. induction n; cbn; [| rewrite IHn]; ring. Qed.
Lemma rsum_minus c d n : rsum (fun i => c i - d i) n = rsum c n - rsum d n.
Proof. induction n; cbn; [| rewrite IHn]; ring. Qed.
Lemma rsum_pos c n : (forall i, (i < n)%nat -> 0 <= c i) -> 0 <= rsum c n.
Proof. induction n; intro H; cbn; [lra |]. apply Rplus_le_le_0_compat; auto with arith. Qed.
Lemma rsum_le c d n : (forall i, (i < n)%nat -> c i <= d i) -> rsum c n <= rsum d n.
Proof.
  intro H. assert (0 <= rsum d n - rsum c n); [| lra].
  rewrite <- rsum_minus. apply rsum_pos. intros i Hi. specialize (H i Hi). lra.
Qed.

(** [0 <= c - 2 b p + b^2 n] for every [b] bounds the discriminant. *)
Lemma discriminant c p n : 0 <= n -> (forall b, 0 <= c - 2 * b * p + b * b * n) -> p * p <= c * n.
Proof.
  intros [Hn | <-] H.
  - specialize (H (p / n)). apply (Rmult_le_compat_r n) in H; [| lra].
    replace ((_ + _) * n) with (c * n - p * p) in H by (field; lra). lra.
  - destruct (Req_dec p 0) as [-> | P]; [lra |]. specialize (H ((c + 1) / (2 * p))).
    replace (_ + _) with (-1) in H by (field; trivial). lra.
Qed.

Lemma ip_zero_r {V : inner_space} (x : V) : ip x vzero = 0. Proof. now rewrite ip_sym, ip_zero. Qed.
Lemma ip_add_r {V : inner_space} (x y z : V) : ip z (vadd x y) = ip z x + ip z y.
Proof. now rewrite ip_sym, ip_add, !(ip_sym V z). Qed.
Lemma ip_scale_r {V : inner_space} a (x y : V) : ip x (vscale a y) = a * ip x y.
Proof. now rewrite ip_sym, ip_scale, (ip_sym V x). Qed.

(** Rewrite every inner product of compound vectors into inner products of simple ones, each pair
    of vectors in one order. *)
Ltac expand :=
  unfold loss, sqnorm, vsub;
  repeat rewrite ?ip_zero, ?ip_zero_r, ?ip_add, ?ip_add_r, ?ip_scale, ?ip_scale_r;
  repeat match goal with |- context [ip ?x ?y] => match goal with |- context [ip y x] =>
    tryif constr_eq x y then fail else rewrite (ip_sym _ y x) end end.
Ltac splits := repeat match goal with |- _ /\ _ => split end.

Section Norms.
Context {V : inner_space}.
Implicit Types x y z : V.

Lemma ip_sub x y z : ip (vsub x y) z = ip x z - ip y z. Proof. expand. ring. Qed.
Lemma ip_sub_r x y z : ip z (vsub x y) = ip z x - ip z y. Proof. expand. ring. Qed.
Lemma loss_sym x y : loss x y = loss y x. Proof. expand. ring. Qed.
Lemma sqnorm_pos x : 0 <= sqnorm x. Proof. apply ip_pos. Qed.
Lemma vnorm_pos x : 0 <= vnorm x. Proof. apply sqrt_pos. Qed.
Lemma vnorm_sqr x : vnorm x * vnorm x = ip x x. Proof. apply sqrt_sqrt, sqnorm_pos. Qed.
Lemma vnorm_le x y : vnorm x <= vnorm y <-> sqnorm x <= sqnorm y.
Proof. split; [intro; apply sqrt_le_0 | apply sqrt_le_1_alt]; trivial using sqnorm_pos. Qed.
Lemma vnorm_le_const x c : 0 <= c -> sqnorm x <= c * c -> vnorm x <= c.
Proof. intros Hc H. rewrite <- (sqrt_square c Hc). now apply sqrt_le_1_alt. Qed.
Lemma vnorm_scale a x : 0 <= a -> vnorm (vscale a x) = a * vnorm x.
Proof.
  intro A. unfold vnorm. rewrite <- (sqrt_square a A) at 2. rewrite <- sqrt_mult_alt by nra.
  f_equal. expand. ring.
Qed.

Lemma cauchy_schwarz_sqr x y : ip x y * ip x y <= sqnorm x * sqnorm y.
Proof.
  apply discriminant; [apply sqnorm_pos |]. intro b.
  pose proof (sqnorm_pos (vsub x (vscale b y))) as H. revert H. expand. lra.
Qed.
Lemma cauchy_schwarz x y : Rabs (ip x y) <= vnorm x * vnorm y.
Proof.
  rewrite <- sqrt_Rsqr_abs. unfold vnorm. rewrite <- sqrt_mult by apply sqnorm_pos.
  apply sqrt_le_1_alt, cauchy_schwarz_sqr.
Qed.
Lemma ip_le x y : ip x y <= vnorm x * vnorm y.
Proof. exact (Rle_trans _ _ _ (Rle_abs _) (cauchy_schwarz x y)). Qed.
Lemma triangle_reverse x y : (vnorm x - vnorm y) ^ 2 <= sqnorm (vsub x y).
Proof. pose proof (ip_le x y). expand. rewrite <- !vnorm_sqr. nra. Qed.
Lemma triangle x y z : vnorm (vsub x z) <= vnorm (vsub x y) + vnorm (vsub y z).
Proof.
  pose proof (ip_le (vsub x y) (vsub y z)) as C. pose proof (vnorm_pos (vsub x y)).
  pose proof (vnorm_pos (vsub y z)). apply vnorm_le_const; [lra |].
  apply Rle_trans with (ip (vsub x y) (vsub x y) + 2 * ip (vsub x y) (vsub y z) + ip (vsub y z) (vsub y z));
    [expand; lra | rewrite <- !vnorm_sqr; lra].
Qed.

Definition orthonormal (e : nat -> V) (n : nat) : Prop :=
  forall i j, (i < n)%nat -> (j < n)%nat -> ip (e i) (e j) = if Nat.eqb i j then 1 else 0.

Lemma ip_vsum (c : nat -> R) (e : nat -> V) n x : ip (vsum c e n) x = rsum (fun i => c i * ip (e i) x) n.
Proof. induction n; cbn; [apply ip_zero |]. now rewrite ip_add, ip_scale, IHn. Qed.
Lemma ip_vsum_basis (c : nat -> R) (e : nat -> V) n j :
  orthonormal e n -> (j < n)%nat -> ip (e j) (vsum c e n) = c j.
Proof.
  intros He Hj. assert (Z : forall m, (m <= n)%nat -> ip (e j) (vsum c e m) = if Nat.ltb j m then c j else 0).
  { induction m as [| m IH]; intro Hm; cbn [vsum]; [apply ip_zero_r |].
    rewrite ip_add_r, ip_scale_r, IH, He by lia.
    destruct (Nat.ltb_spec j m), (Nat.ltb_spec j (S m)), (Nat.eqb_spec j m) as [<- |]; lia || ring. }
  rewrite Z by trivial. now apply Nat.ltb_lt in Hj as ->.
Qed.
Lemma ip_vsum_vsum (c d : nat -> R) (e : nat -> V) n :
  orthonormal e n -> ip (vsum c e n) (vsum d e n) = rsum (fun i => c i * d i) n.
Proof. intro He. rewrite ip_vsum. apply rsum_ext. intros i Hi. now rewrite ip_vsum_basis. Qed.
End Norms.
