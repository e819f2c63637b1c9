(** Real inner-product spaces, as little of them as the limits need.

    The form need not be definite and the space need not be complete, so [L2(D)], its quotient,
    [R^n] and every Hilbert space are instances (see [Instances.v]). *)
From Coq Require Import Reals Lra Lia Psatz Arith.
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

Arguments vzero {_}.
Arguments vadd {_} _ _.
Arguments vscale {_} _ _.
Arguments ip {_} _ _.

Definition vsub {V : inner_space} (x y : V) : V := vadd x (vscale (-1) y).
Definition sqnorm {V : inner_space} (x : V) : R := ip x x.
Definition vnorm {V : inner_space} (x : V) : R := sqrt (sqnorm x).

(** The loss of [g] against the target [f]. *)
Definition loss {V : inner_space} (g f : V) : R := sqnorm (vsub g f).

Section Laws.
Context {V : inner_space}.
Implicit Types x y z : V.

Lemma ip_zero_r x : ip x vzero = 0.
Proof. rewrite ip_sym. apply ip_zero. Qed.
Lemma ip_add_r x y z : ip z (vadd x y) = ip z x + ip z y.
Proof. rewrite ip_sym, ip_add, !(ip_sym V z). reflexivity. Qed.
Lemma ip_scale_r a x y : ip x (vscale a y) = a * ip x y.
Proof. rewrite ip_sym, ip_scale, (ip_sym V x). reflexivity. Qed.
Lemma ip_sub x y z : ip (vsub x y) z = ip x z - ip y z.
Proof. unfold vsub. rewrite ip_add, ip_scale. ring. Qed.
Lemma ip_sub_r x y z : ip z (vsub x y) = ip z x - ip z y.
Proof. unfold vsub. rewrite ip_add_r, ip_scale_r. ring. Qed.
End Laws.

(** Rewrite every inner product of compound vectors into inner products of simple ones. *)
Ltac expand :=
  unfold loss, sqnorm;
  repeat rewrite ?ip_zero, ?ip_zero_r, ?ip_sub, ?ip_sub_r, ?ip_add, ?ip_add_r, ?ip_scale, ?ip_scale_r.
Ltac expand_in H :=
  unfold loss, sqnorm in H;
  repeat rewrite ?ip_zero, ?ip_zero_r, ?ip_sub, ?ip_sub_r, ?ip_add, ?ip_add_r, ?ip_scale, ?ip_scale_r
    in H.

Section Norms.
Context {V : inner_space}.
Implicit Types x y z : V.

Lemma sqnorm_pos x : 0 <= sqnorm x.
Proof. apply ip_pos. Qed.
Lemma vnorm_pos x : 0 <= vnorm x.
Proof. apply sqrt_pos. Qed.
Lemma vnorm_sqr x : vnorm x * vnorm x = sqnorm x.
Proof. apply sqrt_sqrt, sqnorm_pos. Qed.
Lemma vnorm_le x y : vnorm x <= vnorm y <-> sqnorm x <= sqnorm y.
Proof.
  split; [intro H | apply sqrt_le_1_alt].
  apply sqrt_le_0; trivial using sqnorm_pos.
Qed.
Lemma vnorm_le_const x c : 0 <= c -> sqnorm x <= c * c -> vnorm x <= c.
Proof. intros Hc H. rewrite <- (sqrt_square c Hc). now apply sqrt_le_1_alt. Qed.

Lemma cauchy_schwarz_sqr x y : ip x y * ip x y <= sqnorm x * sqnorm y.
Proof.
  pose proof (ip_pos V y) as Hy. unfold sqnorm.
  destruct (Req_dec (ip y y) 0) as [E | E].
  - destruct (Req_dec (ip x y) 0) as [-> | F]; [rewrite E; lra |].
    pose proof (sqnorm_pos (vsub x (vscale ((ip x x + 1) / (2 * ip x y)) y))) as H.
    expand_in H. rewrite (ip_sym V y x), E in H. exfalso.
    match type of H with 0 <= ?e => replace e with (-1) in H by (field; easy) end. lra.
  - pose proof (sqnorm_pos (vsub (vscale (ip y y) x) (vscale (ip x y) y))) as H.
    expand_in H. rewrite (ip_sym V y x) in H. apply Rmult_le_reg_l with (ip y y); [lra | nra].
Qed.
Lemma cauchy_schwarz x y : Rabs (ip x y) <= vnorm x * vnorm y.
Proof.
  rewrite <- sqrt_Rsqr_abs. unfold vnorm. rewrite <- sqrt_mult by apply sqnorm_pos.
  apply sqrt_le_1_alt, cauchy_schwarz_sqr.
Qed.
Lemma ip_le x y : ip x y <= vnorm x * vnorm y.
Proof. pose proof (cauchy_schwarz x y); pose proof (Rle_abs (ip x y)); lra. Qed.

Lemma triangle_reverse x y : (vnorm x - vnorm y) ^ 2 <= sqnorm (vsub x y).
Proof.
  pose proof (ip_le x y). expand. rewrite (ip_sym V y x).
  pose proof (vnorm_sqr x); pose proof (vnorm_sqr y); unfold sqnorm in *; nra.
Qed.
Lemma triangle x y : vnorm (vadd x y) <= vnorm x + vnorm y.
Proof.
  pose proof (ip_le x y); pose proof (vnorm_pos x); pose proof (vnorm_pos y).
  apply vnorm_le_const; [lra |]. expand. rewrite (ip_sym V y x).
  pose proof (vnorm_sqr x); pose proof (vnorm_sqr y); unfold sqnorm in *; nra.
Qed.
Lemma vnorm_scale a x : vnorm (vscale a x) = Rabs a * vnorm x.
Proof.
  unfold vnorm. rewrite <- sqrt_Rsqr_abs, <- sqrt_mult_alt by apply Rle_0_sqr.
  f_equal. expand. unfold Rsqr. ring.
Qed.
Lemma loss_sym x y : loss x y = loss y x.
Proof. expand. rewrite (ip_sym V y x). ring. Qed.
End Norms.

(** Finite sums of reals and of vectors: [rsum c n] is [c 0 + ... + c (n-1)]. *)
Fixpoint rsum (c : nat -> R) (n : nat) : R :=
  match n with O => 0 | S m => rsum c m + c m end.
Fixpoint vsum {V : inner_space} (c : nat -> R) (e : nat -> V) (n : nat) : V :=
  match n with O => vzero | S m => vadd (vsum c e m) (vscale (c m) (e m)) end.

Lemma rsum_ext c d n : (forall i, (i < n)%nat -> c i = d i) -> rsum c n = rsum d n.
Proof. induction n; intro H; cbn; [| rewrite IHn, H]; auto with arith. Qed.
Lemma rsum_le c d n : (forall i, (i < n)%nat -> c i <= d i) -> rsum c n <= rsum d n.
Proof.
  induction n; intro H; cbn; [lra |].
  apply Rplus_le_compat; [apply IHn; auto with arith | apply H; auto with arith].
Qed.
Lemma rsum_pos c n : (forall i, (i < n)%nat -> 0 <= c i) -> 0 <= rsum c n.
Proof.
  intro H. replace 0 with (rsum (fun _ => 0) n); [now apply rsum_le |].
  induction n; cbn; [| rewrite IHn]; auto with arith; ring.
Qed.
Lemma rsum_plus c d n : rsum (fun i => c i + d i) n = rsum c n + rsum d n.
Proof. induction n; cbn; [| rewrite IHn]; ring. Qed.
Lemma rsum_scal a c n : rsum (fun i => a * c i) n = a * rsum c n.
Proof. induction n; cbn; [| rewrite IHn]; ring. Qed.
Lemma rsum_minus c d n : rsum (fun i => c i - d i) n = rsum c n - rsum d n.
Proof. induction n; cbn; [| rewrite IHn]; ring. Qed.
Lemma rsum_swap c n m :
  rsum (fun i => rsum (fun j => c i j) m) n = rsum (fun j => rsum (fun i => c i j) n) m.
Proof.
  induction n; cbn; [symmetry; induction m; cbn; [| rewrite IHm]; ring |].
  now rewrite IHn, rsum_plus.
Qed.

Section Orthonormal.
Context {V : inner_space}.

Definition orthonormal (e : nat -> V) (n : nat) : Prop :=
  forall i j, (i < n)%nat -> (j < n)%nat -> ip (e i) (e j) = if Nat.eqb i j then 1 else 0.

Lemma ip_vsum (c : nat -> R) (e : nat -> V) n x :
  ip (vsum c e n) x = rsum (fun i => c i * ip (e i) x) n.
Proof. induction n; cbn; [apply ip_zero |]. now rewrite ip_add, ip_scale, IHn. Qed.

Lemma ip_vsum_basis (c : nat -> R) (e : nat -> V) n j :
  orthonormal e n -> (j < n)%nat -> ip (e j) (vsum c e n) = c j.
Proof.
  intros He Hj. rewrite ip_sym, ip_vsum.
  rewrite (rsum_ext _ (fun i => c i * if Nat.eqb i j then 1 else 0)) by (intros; now rewrite He).
  clear He. revert Hj. induction n; intro Hj; [inversion Hj |]. cbn.
  assert (Z : forall m, (m <= j)%nat -> rsum (fun i => c i * (if Nat.eqb i j then 1 else 0)) m = 0).
  { induction m; intro Hm; cbn; [ring |]. rewrite IHm by auto with arith.
    rewrite (proj2 (Nat.eqb_neq m j)) by (intro; subst; revert Hm; apply Nat.nle_succ_diag_l). ring. }
  destruct (Nat.eq_dec n j) as [-> | E].
  - rewrite Z, Nat.eqb_refl by auto. ring.
  - rewrite IHn, (proj2 (Nat.eqb_neq n j)) by lia || assumption. ring.
Qed.

Lemma ip_vsum_vsum (c d : nat -> R) (e : nat -> V) n :
  orthonormal e n -> ip (vsum c e n) (vsum d e n) = rsum (fun i => c i * d i) n.
Proof. intro He. rewrite ip_vsum. apply rsum_ext. intros i Hi. now rewrite ip_vsum_basis. Qed.
End Orthonormal.
